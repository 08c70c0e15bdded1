#!/usr/bin/env python3
"""docs/vocabulary.md has every public noun.

  vocabulary_test.py ROOT    prints what it lacks, and ends with 1

A public noun is a type that a header of the framework or of the actors declares outside of a class. Each of its words
is a term of the vocabulary, or one of its plain words, which mean what they mean in any program; no plain word is
there that no noun has."""
import re
import sys
from pathlib import Path

TYPE = re.compile(r"^(?:class|struct|enum class|using|concept)\s+(?:alignas\(\d+\)\s+|\[\[nodiscard\]\]\s+)?"
                  r"([A-Z][A-Za-z0-9]*)\b(?!\s*;)", re.M)
TERM = re.compile(r"^\| ([A-Z][A-Za-z, -]*) \|", re.M)


def words(noun):
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z]+|\d+", noun)]


def one(word):
    """The word in the singular, near enough."""
    for plural, singular in (("ies", "y"), ("shes", "sh"), ("sses", "ss"), ("ss", "ss"), ("us", "us"), ("s", "")):
        if word.endswith(plural) and len(word) > 3:
            return word[:len(word) - len(plural)] + singular
    return word


def nouns(root):
    for path in sorted([*root.glob("framework/*/*.hpp"), *root.glob("actors/**/*.hpp")]):
        if path.parent.name == "include":
            continue
        for match in TYPE.finditer(path.read_text()):
            yield match.group(1), path.relative_to(root)


def main():
    root = Path(sys.argv[1])
    text = (root / "docs/vocabulary.md").read_text()
    table, _, plain = text.partition("## Plain words")
    terms = {one(word) for term in TERM.findall(table) for word in words(term)}
    plain = {one(word) for word in re.findall(r"[a-z0-9]+", plain.strip().rpartition("\n\n")[2])}
    used, wrong = set(), []
    for noun, path in nouns(root):
        for word in map(one, words(noun)):
            used.add(word)
            if word not in terms | plain:
                wrong.append(f"{path}: {noun}: \"{word}\" is no word of docs/vocabulary.md: say what it means there")
    wrong += [f"docs/vocabulary.md: plain word {word}: no public noun has it" for word in sorted(plain - used)]
    wrong += [f"docs/vocabulary.md: {word} is a term and a plain word" for word in sorted(plain & terms)]
    print("\n".join(wrong) or f"{len(set(noun for noun, _ in nouns(root)))} public nouns have their words in the vocabulary")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
