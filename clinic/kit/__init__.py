"""What every room needs and no room owns: the scope of the open chart, the clock, public ids, typed requests.

Nothing clinical comes in here and nothing leaves; the rooms above use it. It knows no model.
"""
