"""What Zendesk's answers and the DfE services' look like, field by field, each with the fact behind it: our own table.

The facts, by the words in the table:
- `OAS`: Zendesk's description of its API (Support 2.0.0), in the schema that the shape names, or in the one named.
- `A §n`, `B §n`: our notes on Zendesk, from its documents (A) and from recordings of real accounts (B), by section.
- In the modules of the DfE services (`dfe_…`), `OAS` is Publish's or Apply's own description, and `D §n` our notes on
  them.
- `unconfirmed`: nobody has shown it to us.

Where a service's description says otherwise, `differs` says why we do not follow it. The tests hold the sandbox's
answers against the table, and `python -m sandbox.shapes` holds the table against a description.
"""
