/// What a call that the compiler refuses returns: it takes any further call, and goes wherever a
/// stream would, so that the first sentence stays the only one.
#pragma once

#include <leat/graph/graph.hpp>

#include <cstdint>
#include <string>

namespace leat {

class End;

struct Refused {
  template <class... A> Refused map(A&&...) const { return {}; }
  template <class... A> Refused filter(A&&...) const { return {}; }
  template <class... A> Refused flat_map(A&&...) const { return {}; }
  template <class... A> Refused fold(A&&...) const { return {}; }
  template <class... A> Refused join(A&&...) const { return {}; }
  template <class... A> Refused merge(A&&...) const { return {}; }
  template <class... A> Refused sink(A&&...) const { return {}; }
  template <class... A> Refused after(A&&...) const { return {}; }
  template <class... A> Refused by_key(A&&...) const { return {}; }
  Refused by_column(const std::string&) const { return {}; }
  Refused broadcast() const { return {}; }
  Refused credit(std::uint64_t, std::uint64_t) const { return {}; }
  Refused combiner() const { return {}; }
  Refused isolated() const { return {}; }
  Refused blocking() const { return {}; }
  Refused compressed() const { return {}; }
  Refused on(const std::string&) const { return {}; }
  Refused state(std::uint64_t) const { return {}; }
  Refused emits_at_most(std::uint64_t) const { return {}; }

  template <class P>
  operator Stream<P>() const { return Stream<P>(Graph{"refused"}, {}); }
  operator End() const;
};

}  // namespace leat
