"""Brands, groups, ticket forms and ticket fields. Shapes: Zendesk's OpenAPI description for Support."""

from datetime import timedelta
from operator import itemgetter

from flask import Blueprint

from sandbox.account import catalogue
from sandbox.account.clock import iso
from sandbox.account.tickets import Json
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.paging import page
from sandbox.zendesk.urls import url

blueprint = Blueprint("catalogue", __name__, url_prefix="/api/v2")


@blueprint.get("/brands")
def list_brands() -> Json:
    brands = [_brand(number, name) for name, number in catalogue.BRANDS.items()]
    return page("brands", brands, itemgetter("id"), dict)


@blueprint.get("/groups")
def list_groups() -> Json:
    return page("groups", [group_shape(number) for number in catalogue.GROUP_NAMES], itemgetter("id"), dict)


@blueprint.get("/groups/<int:number>")
def show_group(number: int) -> Json:
    if number not in catalogue.GROUP_NAMES:
        raise answers.not_found()
    return {"group": group_shape(number)}


@blueprint.get("/ticket_forms")
def list_forms() -> Json:
    forms = [_form(number, name, position) for position, (name, number) in enumerate(catalogue.FORMS.items())]
    return page("ticket_forms", forms, itemgetter("id"), dict)


@blueprint.get("/ticket_fields")
def list_fields() -> Json:
    system = [_field(number, title, kind, []) for number, (title, kind) in catalogue.SYSTEM_FIELDS.items()]
    custom = [_field(number, *about) for number, about in catalogue.FIELDS.items()]
    return page("ticket_fields", system + custom, itemgetter("id"), dict)


def group_shape(number: int) -> Json:
    return {
        **_dated("groups", number),
        "name": catalogue.GROUP_NAMES[number],
        "description": "",
        "default": number == 360002000201,
        "deleted": False,
        "is_public": number not in catalogue.PRIVATE_GROUPS,
    }


def _dated(kind: str, number: int) -> Json:
    since = iso(world().account.anchor - timedelta(days=7 * 365))
    return {"url": url(kind, number), "id": number, "created_at": since, "updated_at": since}


def _brand(number: int, name: str) -> Json:
    subdomain = name.lower().replace(" ", "-")
    return {
        **_dated("brands", number),
        "name": name,
        "brand_url": f"https://{subdomain}.zendesk.com",
        "subdomain": subdomain,
        "host_mapping": None,
        "has_help_center": False,
        "help_center_state": "disabled",
        "active": True,
        "default": name == catalogue.APPLY,
        "is_deleted": False,
        "logo": None,
        "ticket_form_ids": list(catalogue.FORM_NAMES),
        "signature_template": "{{agent.signature}}",
    }


def _form(number: int, name: str, position: int) -> Json:
    return {
        **_dated("ticket_forms", number),
        "name": name,
        "raw_name": name,
        "display_name": name,
        "raw_display_name": name,
        "end_user_visible": True,
        "position": position,
        "active": True,
        "default": position == 0,
        "in_all_brands": True,
        "restricted_brand_ids": [],
        "ticket_field_ids": [*catalogue.SYSTEM_FIELDS, *catalogue.FIELDS],
        "end_user_conditions": [],
        "agent_conditions": [],
    }


def _field(number: int, title: str, kind: str, options: list[str]) -> Json:
    shape = {**_dated("ticket_fields", number), "type": kind, "title": title, "raw_title": title,
             "description": "",
             "raw_description": "", "position": number % 100, "active": True, "required": False,
             "collapsed_for_agents": False, "regexp_for_validation": None, "title_in_portal": title,
             "raw_title_in_portal": title, "visible_in_portal": False, "editable_in_portal": False,
             "required_in_portal": False, "tag": None, "removable": bool(options),
             "agent_description": None}  # fmt: skip
    if options:
        shape["custom_field_options"] = [
            {
                "id": number * 10 + n,
                "name": value.replace("_", " ").capitalize(),
                "raw_name": value,
                "value": value,
                "default": False,
            }
            for n, value in enumerate(options)
        ]
    return shape
