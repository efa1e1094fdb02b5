"""A judge of SKOS: the quality issues of qSKOS that need no network, in our words.

The list is that of qSKOS (Mader, Haslhofer, Isaac, "Finding Quality Issues in SKOS
Vocabularies", 2012; https://github.com/cmader/qSKOS/wiki/Quality-Issues), by its abbreviations.
Left out: missing in-links (``mil``) and broken links (``bl``), which ask the web. Each rule
takes a graph and yields what breaks it, as text. :data:`ERRORS` break SKOS or a reader;
:data:`ADVICE` may have a reason, which whoever runs it has to know.
"""
from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDFS, SKOS
from rdflib.term import Node

__all__ = ["ADVICE", "ERRORS", "findings"]

LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
NOTES = (SKOS.note, SKOS.changeNote, SKOS.definition, SKOS.editorialNote, SKOS.example,
         SKOS.historyNote, SKOS.scopeNote)
MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
#: Each relation and its inverse.
INVERSE = {
    SKOS.broader: SKOS.narrower, SKOS.narrower: SKOS.broader, SKOS.related: SKOS.related,
    SKOS.topConceptOf: SKOS.hasTopConcept, SKOS.hasTopConcept: SKOS.topConceptOf,
    SKOS.exactMatch: SKOS.exactMatch, SKOS.closeMatch: SKOS.closeMatch,
    SKOS.broadMatch: SKOS.narrowMatch, SKOS.narrowMatch: SKOS.broadMatch,
    SKOS.relatedMatch: SKOS.relatedMatch,
}
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
Found = Iterator[str]


def _concepts(graph: Graph) -> set[Node]:
    """Return the concepts that are described, not those that are only named or labelled."""
    return {each for each in graph.subjects(RDF.type, SKOS.Concept) if (each, SKOS.inScheme, None)
            in graph}


def _labelled(graph: Graph) -> Iterator[tuple[Node, URIRef, Literal]]:
    for predicate in LABELS:
        for subject, text in graph.subject_objects(predicate):
            assert isinstance(text, Literal)
            yield subject, predicate, text


def _above(graph: Graph) -> Mapping[Node, set[Node]]:
    found: dict[Node, set[Node]] = defaultdict(set)
    for one, other in graph.subject_objects(SKOS.broader):
        found[one].add(other)
    for one, other in graph.subject_objects(SKOS.narrower):
        found[other].add(one)
    return found


def _all_above(above: Mapping[Node, set[Node]], start: Node) -> set[Node]:
    seen: set[Node] = set()
    waiting = [*above.get(start, ())]
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += above.get(node, ())
    return seen


# ---------------------------------------------------------------- labels and documentation
def language_tags(graph: Graph) -> Found:
    """oilt: a label or note without a language, or with one that is none."""
    for predicate in (*LABELS, *NOTES, DCTERMS.title, DCTERMS.description):
        for subject, text in graph.subject_objects(predicate):
            tagged = isinstance(text, Literal) and text.language
            in_scheme = predicate not in (DCTERMS.title, DCTERMS.description) or (
                subject, RDF.type, SKOS.ConceptScheme) in graph
            if in_scheme and not (tagged and _TAG.fullmatch(str(tagged))):
                yield f"{subject} {text!r}"


def language_coverage(graph: Graph) -> Found:
    """ilc, ncl: a concept without a label in a language that others have."""
    spoken = {concept: {text.language for text in graph.objects(concept, SKOS.prefLabel)
                        if isinstance(text, Literal)} for concept in _concepts(graph)}
    everything = set[object]().union(*spoken.values())
    for concept, languages in spoken.items():
        if languages != everything:
            yield f"{concept} {languages}"


def missing_labels(graph: Graph) -> Found:
    """ml: a concept without prefLabel, a scheme without a title."""
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        if (concept, SKOS.prefLabel, None) not in graph:
            yield str(concept)
    for scheme in graph.subjects(RDF.type, SKOS.ConceptScheme):
        if not any((scheme, each, None) in graph for each in (
                DCTERMS.title, RDFS.label, SKOS.prefLabel)):
            yield str(scheme)


def empty_labels(graph: Graph) -> Found:
    """el: a label that says nothing."""
    for subject, predicate, text in _labelled(graph):
        if not text.strip():
            yield f"{subject} {predicate}"


def unprintable(graph: Graph) -> Found:
    """ucil: a character nobody sees in a label."""
    for subject, _, text in _labelled(graph):
        if any(unicodedata.category(each) in ("Cc", "Cn", "Co", "Cs") for each in text):
            yield f"{subject} {text!r}"


def inconsistent_labels(graph: Graph) -> Found:
    """ipl, S14: two preferred labels in one language."""
    for subject in set(graph.subjects(SKOS.prefLabel)):
        languages = Counter(text.language for text in graph.objects(subject, SKOS.prefLabel)
                            if isinstance(text, Literal))
        if max(languages.values()) > 1:
            yield str(subject)


def disjoint_labels(graph: Graph) -> Found:
    """dlv, S13: one text as two kinds of label."""
    kinds: dict[tuple[Node, Literal], set[URIRef]] = defaultdict(set)
    for subject, predicate, text in _labelled(graph):
        kinds[subject, text].add(predicate)
    yield from (f"{subject} {text!r}" for (subject, text), found in kinds.items()
                if len(found) > 1)


def overlapping_labels(graph: Graph) -> Found:
    """ol: two concepts of one scheme with the same label, whatever its case."""
    owners: dict[tuple[Node, str, object], set[Node]] = defaultdict(set)
    for subject, _, text in _labelled(graph):
        for scheme in graph.objects(subject, SKOS.inScheme):
            owners[scheme, text.lower(), text.language].add(subject)
    for (_, text, _), found in owners.items():
        if len(found) > 1:
            yield f"{text}: {', '.join(sorted(map(str, found)))}"


def ambiguous_notations(graph: Graph) -> Found:
    """anr: a concept with two notations, or a notation of two concepts of one scheme."""
    owners: dict[tuple[Node, Node], set[Node]] = defaultdict(set)
    for concept in _concepts(graph):
        notations = [*graph.objects(concept, SKOS.notation)]
        if len(notations) > 1:
            yield f"{concept} {notations}"
        for scheme in graph.objects(concept, SKOS.inScheme):
            for notation in notations:
                owners[scheme, notation].add(concept)
    yield from (f"{notation!r}" for (_, notation), found in owners.items() if len(found) > 1)


def undocumented(graph: Graph) -> Found:
    """uc: a concept that nothing but its label explains."""
    for concept in _concepts(graph):
        if not any((concept, each, None) in graph for each in NOTES):
            yield str(concept)


# ---------------------------------------------------------------- structure
def orphans(graph: Graph) -> Found:
    """oc: a concept without any relation to another of its scheme."""
    relations = (SKOS.broader, SKOS.narrower, SKOS.related)
    for concept in _concepts(graph):
        if not any((concept, each, None) in graph or (None, each, concept) in graph
                   for each in relations):
            yield str(concept)


def cycles(graph: Graph) -> Found:
    """chr, rr: a concept above itself."""
    above = _above(graph)
    for concept in above:
        if concept in _all_above(above, concept):
            yield str(concept)


def redundant_hierarchy(graph: Graph) -> Found:
    """hr: a broader concept that is also above another broader one."""
    above = _above(graph)
    for concept, direct in above.items():
        for one, other in combinations(sorted(direct), 2):
            if one in _all_above(above, other) or other in _all_above(above, one):
                yield f"{concept} {one} {other}"


def reflexive(graph: Graph) -> Found:
    """rr: a concept related to itself."""
    for predicate in INVERSE:
        yield from (str(one) for one, other in graph.subject_objects(predicate) if one == other)


def one_way(graph: Graph) -> Found:
    """urc: a relation between two that are both described here, said by one of them only."""
    known = _concepts(graph) | set(graph.subjects(RDF.type, SKOS.ConceptScheme))
    for predicate, inverse in INVERSE.items():
        for one, other in graph.subject_objects(predicate):
            if one in known and other in known and (other, inverse, one) not in graph:
                yield f"{one} {predicate} {other}"


def solely_transitive(graph: Graph) -> Found:
    """strc: related by the transitive property alone, which is not for stating."""
    for predicate in (SKOS.broaderTransitive, SKOS.narrowerTransitive):
        for one, other in graph.subject_objects(predicate):
            yield f"{one} {other}"


def omitted_top_concepts(graph: Graph) -> Found:
    """otc: a scheme that says of no concept that it begins there."""
    for scheme in graph.subjects(RDF.type, SKOS.ConceptScheme):
        if (scheme, SKOS.hasTopConcept, None) not in graph:
            yield str(scheme)


def top_with_broader(graph: Graph) -> Found:
    """tchbc: a top concept that has one above."""
    above = _above(graph)
    for concept in {*graph.objects(None, SKOS.hasTopConcept), *graph.subjects(SKOS.topConceptOf)}:
        if above.get(concept):
            yield str(concept)


def valueless_relations(graph: Graph) -> Found:
    """var: siblings that are also said to be related."""
    above = _above(graph)
    for predicate in (SKOS.related, SKOS.relatedMatch):
        for one, other in graph.subject_objects(predicate):
            if above.get(one, set()) & above.get(other, set()):
                yield f"{one} {other}"


def clusters(graph: Graph) -> Found:
    """dcc: more than one part that no relation joins; each but the largest is named."""
    near: dict[Node, set[Node]] = {concept: set() for concept in _concepts(graph)}
    for predicate in (SKOS.broader, SKOS.narrower, SKOS.related):
        for one, other in graph.subject_objects(predicate):
            if one in near and other in near:
                near[one].add(other)
                near[other].add(one)
    parts: list[set[Node]] = []
    left = set(near)
    while left:
        part = _all_above(near, next(iter(left)))
        part |= {next(iter(left))} if not part else set()
        parts.append(part)
        left -= part
    yield from (str(min(part)) for part in sorted(parts, key=len)[:-1])


# ---------------------------------------------------------------- SKOS and the web
def undefined_terms(graph: Graph) -> Found:
    """usr: a word SKOS does not have, or has no more."""
    known = {str(SKOS[name]) for name in SKOS.__annotations__}
    for node in {each for triple in graph for each in triple if isinstance(each, URIRef)}:
        if str(node).startswith(str(SKOS)) and str(node) not in known:
            yield str(node)


def not_http(graph: Graph) -> Found:
    """husv: a concept whose name nobody can open."""
    yield from (str(each) for each in _concepts(graph)
                if not str(each).startswith(("http://", "https://")))


def relation_clashes(graph: Graph) -> Found:
    """rc, S27: related to one that is above."""
    above = _above(graph)
    for one, other in graph.subject_objects(SKOS.related):
        if other in _all_above(above, one) or one in _all_above(above, other):
            yield f"{one} {other}"


def mapping_clashes(graph: Graph) -> Found:
    """mc, S46: exactly the same, and broader, narrower or related."""
    for one, other in graph.subject_objects(SKOS.exactMatch):
        for predicate in (SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch):
            if (one, predicate, other) in graph or (other, predicate, one) in graph:
                yield f"{one} {other}"


def doubled_exact(graph: Graph) -> Found:
    """Two concepts of one scheme that are exactly the same third one, hence each other (S45)."""
    owners: dict[tuple[Node, Node], set[Node]] = defaultdict(set)
    for one, other in graph.subject_objects(SKOS.exactMatch):
        for scheme in graph.objects(one, SKOS.inScheme):
            owners[scheme, other].add(one)
    yield from (str(other) for (_, other), found in owners.items() if len(found) > 1)


def misused_mappings(graph: Graph) -> Found:
    """mri: a mapping within one scheme."""
    for predicate in MATCHES:
        for one, other in graph.subject_objects(predicate):
            if set(graph.objects(one, SKOS.inScheme)) & set(graph.objects(other, SKOS.inScheme)):
                yield f"{one} {other}"


def disjoint_classes(graph: Graph) -> Found:
    """S9, S37: a concept that is a scheme or a collection."""
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        if {SKOS.ConceptScheme, SKOS.Collection} & set(graph.objects(concept, RDF.type)):
            yield str(concept)


def missing_out_links(graph: Graph) -> Found:
    """mol: a concept that leads to nothing outside of its own host."""
    for concept in _concepts(graph):
        host = "/".join(str(concept).split("/")[:3])
        leads_to = [each for predicate, each in graph.predicate_objects(concept)
                    if predicate != RDF.type and isinstance(each, URIRef)]
        if all(str(each).startswith(host) for each in leads_to):
            yield str(concept)


Rule = Callable[[Graph], Found]
ERRORS: tuple[Rule, ...] = (
    language_tags, language_coverage, missing_labels, empty_labels, unprintable,
    inconsistent_labels, disjoint_labels, ambiguous_notations, cycles, redundant_hierarchy,
    reflexive, one_way, solely_transitive, omitted_top_concepts, top_with_broader,
    valueless_relations, undefined_terms, not_http, relation_clashes, mapping_clashes,
    doubled_exact, misused_mappings, disjoint_classes,
)
ADVICE: tuple[Rule, ...] = (
    overlapping_labels, undocumented, orphans, clusters, missing_out_links,
)


def findings(
    graph: Graph, rules: tuple[Rule, ...] = ERRORS, of: str = ""
) -> dict[str, list[str]]:
    """Return what each rule finds, without those that find nothing.

    :param of: judge only what is said of IRIs that begin so (the authoritative ones of qSKOS)
    """
    judged = Graph()
    for triple in graph:
        if str(triple[0]).startswith(of):
            judged.add(triple)
    found = {rule.__name__: sorted(rule(judged)) for rule in rules}
    return {name: each for name, each in found.items() if each}
