#include <leat/actors/rows/split.hpp>

#include <leat/actors/rows/by_number.hpp>

namespace leat::split {
namespace {

struct Share {
  double fraction = 0;
  std::uint64_t seed = 0;
};

OptionsOf<Share> options() {
  return OptionsOf<Share>()
      .needs(&Share::fraction, {.name = "fraction",
                                .sentence = "share of the rows to train on",
                                .unit = "fraction",
                                .least = 0,
                                .most = 1})
      .takes(&Share::seed, {.name = "seed", .sentence = "another seed, another choice", .least = 0});
}

}  // namespace

bool in_train(std::uint64_t row_number, double fraction, std::uint64_t seed) {
  return numbered_below(row_number, fraction, seed);
}

Kind<Table, Table> train(double fraction, std::uint64_t seed) {
  return rows_by_number("split.train", options().of({fraction, seed}), fraction, seed, true);
}

Kind<Table, Table> holdout(double fraction, std::uint64_t seed) {
  return rows_by_number("split.holdout", options().of({fraction, seed}), fraction, seed, false);
}

DeclaredKind declared_train() {
  return declared_kind("The rows to train on.", options(),
                       [](const Share& share) { return train(share.fraction, share.seed); });
}

DeclaredKind declared_holdout() {
  return declared_kind("The rows held out: exactly the others.", options(),
                       [](const Share& share) { return holdout(share.fraction, share.seed); });
}

}  // namespace leat::split
