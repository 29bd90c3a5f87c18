"""Who works here and where: staff, sites, programs, the roles people hold in a program for a period, supervision.

The office writes it; the door reads it to decide. It holds no client.
"""
