#include <leat/actors/rows/sample.hpp>

#include <leat/actors/rows/by_number.hpp>

namespace leat {
namespace {

// Else a sample of what split trains on would be all of it.
constexpr std::uint64_t kApart = 0x5a3c9e1f2b7d6840;

struct Sampling {
  double share = 0;
  std::uint64_t seed = 0;
};

OptionsOf<Sampling> options() {
  return OptionsOf<Sampling>()
      .needs(&Sampling::share,
             {.name = "share", .sentence = "share of the rows to keep", .unit = "fraction", .least = 0, .most = 1})
      .takes(&Sampling::seed, {.name = "seed", .sentence = "another seed, another choice", .least = 0});
}

}  // namespace

Kind<Table, Table> sample(double share, std::uint64_t seed) {
  return rows_by_number("sample", options().of({share, seed}), share, seed ^ kApart, true);
}

DeclaredKind declared_sample() {
  return declared_kind("A share of the rows, chosen by their numbers.", options(),
                       [](const Sampling& of) { return sample(of.share, of.seed); });
}

}  // namespace leat
