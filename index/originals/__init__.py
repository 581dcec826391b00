"""Models as their makers built them: runtime.py alone imports torch, and only when one loads.

That takes seconds and half a gigabyte, which asking should not cost.
"""
