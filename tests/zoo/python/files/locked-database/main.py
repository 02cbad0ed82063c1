import os
import sqlite3
import tempfile

directory = tempfile.mkdtemp()
path = os.path.join(directory, "data.db")
first = sqlite3.connect(path, isolation_level=None)
second = sqlite3.connect(path, isolation_level=None, timeout=0)
first.execute("create table words (word text)")
first.execute("begin exclusive")
try:
    second.execute("begin immediate")
except sqlite3.OperationalError as error:
    print(f"refused: {error}")
first.execute("insert into words values ('one')")
first.execute("commit")
print(f"rows: {second.execute('select count(*) from words').fetchone()[0]}")
for connection in (first, second):
    connection.close()
os.remove(path)
os.rmdir(directory)
