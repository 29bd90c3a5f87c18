"""Intake: the person at the door. One box searches and registers; what is not known today becomes a task.

A name, a birth date, a safe way to be reached come in; a Client, an Episode, a care team and a first appointment go out.
"""
