import importlib
import pathlib
import sys
import tempfile
import threading

PLUGIN = """
import builtins, time
builtins.loads += 1
time.sleep(0.01)
def name(): return "plugin"
"""
vars(__builtins__)["loads"] = 0
sys.dont_write_bytecode = True

with tempfile.TemporaryDirectory() as folder:
    pathlib.Path(folder, "plugin.py").write_text(PLUGIN, encoding="utf-8")
    sys.path.insert(0, folder)
    names = []

    def load():
        names.append(importlib.import_module("plugin").name())

    threads = [threading.Thread(target=load) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print("names:", *names)
print("loads:", loads)
