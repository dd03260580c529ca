"""Trains the answer judge that viva ships: from a folder of graded answers to one int8 ONNX file and its model card.

Not part of the wheel. `python -m training --help` says how; training/README.md says what it was trained on and why.
"""
