"""An agent's Zendesk in a browser, as far as our app needs it: a ticket's page with the app in its sidebar."""
