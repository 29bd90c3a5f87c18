"""The screening room: standard instruments are answered, scored and kept, and a critical answer raises a flag at once.

In come the answers of a person in an open chart, from the keyboard, a paper form or an import. Out go screens that
never change (a correction is a screen of its own), their trends, the safety steps, and what is due.
"""
