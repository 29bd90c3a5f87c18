"""The unified plan: problems of both sides, how each feeds the other, goals, objectives and who does what.

In come the problems of the record, positive screens as suggestions, and the words of client and clinician.
Out go signed versions that never change, their printed copies, and what of planning is due.
"""
