@0xe3a1f0c2b7d94a58;
# What schemas/structs.cpp is to know of a schema beyond its types: it makes plain C++ structs of it, with
# snake_case names, and what writes and reads them. A limit is an expression of C++, and holds for both.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("leat::schema");

annotation space(file) :Text;             # the namespace of the structs
annotation headers(file) :List(Text);     # what declares the types that are named below
annotation type(struct, field) :Text;     # a type of C++ with members of these names, declared elsewhere; of a
                                          # number: what it is read as
annotation custom(struct, enum) :Void;    # what reads and writes it is written by hand
annotation pair(struct) :Void;            # an entry of a std::map, or a std::pair, of its two fields
annotation variant(struct) :Void;         # a std::variant of the members of its union
annotation ofJob(field) :Void;            # of a variant's: what a node says of one of its jobs
annotation equal(struct) :Void;           # two can be compared
annotation checked(struct) :Void;         # check() looks at the whole of what was read
annotation least(field) :Text;            # the least number, bytes of a text, entries of a list
annotation most(field) :Text;             # the most; else of a text kMostText, of a list kMostEntries
annotation name(field) :Void;             # one printable line of at most kMostName bytes
annotation sentence(field) :Void;         # shortened until it fits: any can be told
annotation what(struct, field) :Text;     # what a sentence calls it: "a node's name", "labels"
annotation each(field) :Text;             # what it calls an entry of a list: "a label"
annotation eachMost(field) :Text;         # the most bytes of such an entry, which is then one printable line
annotation who(struct) :Text;             # of a message that can be too large: who cannot be told
annotation advice(struct) :Text;          # and what to do then
