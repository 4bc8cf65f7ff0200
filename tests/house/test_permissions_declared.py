"""Each page behind a sign-in says which permission it needs (Y1)."""

from web.installing import AREAS

# The ways in and out: whoever comes there is not known yet.
OPEN = {"h5_signin", "account_sign_in"}


def test_each_view_behind_a_sign_in_names_its_permission():
    from flask import Flask

    undeclared = []
    for area in AREAS:
        app = Flask("house", static_folder=None)
        app.url_map.converters["ticket"] = app.url_map.converters["default"]
        for routes in area.routes:
            app.register_blueprint(routes)
        undeclared += [
            f"{area.name}: {endpoint}"
            for endpoint, view in app.view_functions.items()
            if endpoint.partition(".")[0] not in OPEN and not hasattr(view, "needs")
        ]

    assert undeclared == []
