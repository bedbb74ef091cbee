"""M/M/c/c in SimPy, as its own examples have it: a process for each customer, who goes away when no server is free.

Prints events a second: arrivals, and departures of those who were served.
"""

import random
import sys
import time

import simpy

servers, load, starts = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
random.seed(1)
env = simpy.Environment()
seats = simpy.Resource(env, capacity=servers)
served = 0


def customer():
    global served
    if seats.count >= servers:
        return
    with seats.request() as request:
        yield request
        yield env.timeout(random.expovariate(1))
    served += 1


def source():
    for _ in range(starts):
        yield env.timeout(random.expovariate(load))
        env.process(customer())


begun = time.perf_counter()
env.process(source())
env.run()
print((starts + served) / (time.perf_counter() - begun))
