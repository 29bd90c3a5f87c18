"""The caseload and the chart page: everything due, from every room, in words, where one person can act on it.

What the rooms below know comes in through their queries; a colleague asked to act, a care team changed, goes out.
"""
