"""SpiffWorkflow as another engine: a straight course in BPMN, each case kept after every step.

python -m bench.spiff_way CASES STEPS prints how many steps a second were done. What it keeps of a
case is its JSON, in a table of one row a case: one commit for all cases' step, as ours has.
"""

import sqlite3
import sys
import time
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def main(cases: int, steps: int) -> float:
    """Do every step of every case; gives the steps a second."""
    from SpiffWorkflow.bpmn import BpmnWorkflow
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

    keeper = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    course = _course(steps)
    with TemporaryDirectory() as folder:
        kept = sqlite3.connect(Path(folder) / "cases.db")
        kept.execute("PRAGMA journal_mode=WAL")
        kept.execute("CREATE TABLE cases (id INTEGER PRIMARY KEY, state TEXT)")
        begin = time.perf_counter()
        for case in range(cases):
            workflow = BpmnWorkflow(course)
            workflow.do_engine_steps()
            kept.execute("INSERT INTO cases VALUES (?, ?)", (case, keeper.serialize_json(workflow)))
        kept.commit()
        for _ in range(steps):
            _one_step(kept, keeper)
        return cases * steps / (time.perf_counter() - begin)


def _one_step(kept: sqlite3.Connection, keeper: Any) -> None:
    from SpiffWorkflow.util.task import TaskState

    for case, state in kept.execute("SELECT id, state FROM cases").fetchall():
        workflow = keeper.deserialize_json(state)
        [ready] = workflow.get_tasks(state=TaskState.READY, manual=True)
        ready.run()
        workflow.do_engine_steps()
        changed = (keeper.serialize_json(workflow), case)
        kept.execute("UPDATE cases SET state = ? WHERE id = ?", changed)
    kept.commit()


def _course(steps: int) -> Any:
    from lxml import etree
    from SpiffWorkflow.bpmn.parser import BpmnParser

    names = [f"s{number}" for number in range(steps)]
    chain = ["begin", *names, "end"]
    tasks = "".join(f'<manualTask id="{name}"/>' for name in names)
    flows = "".join(
        f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"/>'
        for number, (source, target) in enumerate(pairwise(chain))
    )
    process = f'<startEvent id="begin"/>{tasks}<endEvent id="end"/>{flows}'
    parser = BpmnParser()
    parser.add_bpmn_xml(
        etree.fromstring(
            f'<definitions xmlns="{BPMN}" targetNamespace="http://bench.example">'
            f'<process id="straight" isExecutable="true">{process}</process></definitions>'
        )
    )
    return parser.get_spec("straight")


if __name__ == "__main__":
    sys.stdout.write(f"{main(int(sys.argv[1]), int(sys.argv[2]))}\n")
