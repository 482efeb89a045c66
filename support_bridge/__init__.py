"""What the service knows and does. Start with services.py, then the folder whose name you are looking for."""
