"""Models as their makers built them: the only package that imports torch, and only when one loads.

That takes seconds and half a gigabyte, which asking should not cost.
"""
