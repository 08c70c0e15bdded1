#include <leat/actors/rows/by_number.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/columns/number_columns.hpp>
#include <leat/chunk/gather.hpp>

namespace leat {
namespace {

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;

std::uint64_t mixed(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

class ByNumber final : public Actor {
 public:
  ByNumber(double fraction, std::uint64_t seed, bool below) : fraction_(fraction), seed_(seed), below_(below) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    std::size_t rows = table.rows();
    const std::uint64_t* numbers = table.row_numbers();
    std::uint64_t first = table.first_row();
    kept_.clear();
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (numbered_below(numbers ? numbers[row] : first + row, fraction_, seed_) == below_) {
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
  bool below_;
  std::vector<std::uint32_t> kept_;
};

}  // namespace

bool numbered_below(std::uint64_t row_number, double fraction, std::uint64_t seed) {
  std::uint64_t hash = mixed(mixed(seed + kGolden) + (row_number + 1) * kGolden);
  return static_cast<double>(hash >> 11) * 0x1p-53 < fraction;
}

Kind<Table, Table> rows_by_number(std::string name, GivenOptions options, double fraction, std::uint64_t seed,
                                  bool below) {
  auto kind = stage_kind<Table, Table>(std::move(name), std::move(options));
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
  kind.actor = [=](const Making&) { return std::make_unique<ByNumber>(fraction, seed, below); };
  return kind;
}

}  // namespace leat
