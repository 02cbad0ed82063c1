import os
import sqlite3
import tempfile
import threading

directory = tempfile.mkdtemp()
path = os.path.join(directory, "data.db")
setup = sqlite3.connect(path)
setup.execute("create table numbers (n integer)")
setup.commit()


def add(first):
    connection = sqlite3.connect(path, timeout=60, isolation_level=None)
    for n in (first, first + 1):
        connection.execute("begin immediate")
        connection.execute("insert into numbers values (?)", (n,))
        connection.execute("commit")
    connection.close()


threads = [threading.Thread(target=add, args=(first,)) for first in (10, 20)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("numbers:", [n for (n,) in setup.execute("select n from numbers order by n")])
setup.close()
os.remove(path)
os.rmdir(directory)
