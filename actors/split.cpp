#include <leat/actors/split.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/number_columns.hpp>
#include <leat/chunk/gather.hpp>

namespace leat::split {
namespace {

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;

std::uint64_t mixed(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

class Split final : public Actor {
 public:
  Split(double fraction, std::uint64_t seed, bool train)
      : fraction_(fraction), seed_(seed), train_(train) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    std::size_t rows = table.rows();
    const std::uint64_t* numbers = table.row_numbers();
    std::uint64_t first = table.first_row();
    kept_.clear();
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (in_train(numbers ? numbers[row] : first + row, fraction_, seed_) == train_) {
        kept_.push_back(row);
      }
    }
    if (kept_.empty()) return Step::done;
    if (kept_.size() == rows) {
      out.emit(visit.take());
    } else {
      out.emit(select_rows(out.pool(), table, kept_).chunk());
    }
    return Step::done;
  }

 private:
  double fraction_;
  std::uint64_t seed_;
  bool train_;
  std::vector<std::uint32_t> kept_;
};

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

Kind<Table, Table> part(const char* name, double fraction, std::uint64_t seed, bool train) {
  auto kind = stage_kind<Table, Table>(name, options().of({fraction, seed}));
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::nothing;
  kind.pure = true;
  kind.describe = [](const std::vector<Description>& inputs) -> Result<Described> {
    Described made{inputs[0], {}};
    made.needs.state = times(most_rows(inputs[0]), sizeof(std::uint32_t));
    made.output.max_chunk = made.needs.max_output = grown_chunk(inputs[0], 8);
    return made;
  };
  kind.reads = [](const std::vector<Description>&, const ColumnNames& wanted) { return std::vector{wanted}; };
  kind.actor = [=](const Making&) { return std::make_unique<Split>(fraction, seed, train); };
  return kind;
}

}  // namespace

bool in_train(std::uint64_t row_number, double fraction, std::uint64_t seed) {
  std::uint64_t hash = mixed(mixed(seed + kGolden) + (row_number + 1) * kGolden);
  return static_cast<double>(hash >> 11) * 0x1p-53 < fraction;
}

Kind<Table, Table> train(double fraction, std::uint64_t seed) {
  return part("split.train", fraction, seed, true);
}

Kind<Table, Table> holdout(double fraction, std::uint64_t seed) {
  return part("split.holdout", fraction, seed, false);
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
