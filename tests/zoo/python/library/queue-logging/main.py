import logging
import logging.handlers
import queue
import sys
import threading

records = queue.Queue()
shown = logging.StreamHandler(sys.stdout)
shown.setFormatter(logging.Formatter("%(threadName)s %(levelname)s %(message)s"))
listener = logging.handlers.QueueListener(records, shown)
log = logging.getLogger("zoo")
log.setLevel(logging.INFO)
log.addHandler(logging.handlers.QueueHandler(records))
log.propagate = False


def work():
    log.debug("never shown")
    log.info("step %d", 1)
    log.warning("step %d", 2)


listener.start()
threads = [threading.Thread(target=work, name=name) for name in ("ann", "ben")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
listener.stop()
print("end")
