"""Compute which starts are open and for which agents, and why other starts are closed.

A *start* is an instant at which an appointment could begin. *Designated* agents serve
the queue, speak the language and, for a visit, work at the branch. Most instants are
whole minutes since 1970 in UTC. Most spans are pairs of the first minute inside and the
first minute beyond.
"""
