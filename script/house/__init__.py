"""Runs Entwine on one machine: its database, its queue, its web server and its workers.

In comes a data folder, and perhaps the addresses of real servers in the environment. Out comes a clinic that
answers on loopback, and nothing left running when the supervisor ends, however it ends.
Only the standard library is imported here, so that the house can start before anything is installed.
"""
