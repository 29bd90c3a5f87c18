"""The nouns of the chart, standard terms all: Client, Episode, CareTeam, Encounter, Problem, Flag, Draft, Signature.

The rooms above write them through their actions and read them through an open chart; nothing here decides or sends.
Every table is under forced row-level security, and each keeps the history of its rows.
"""
