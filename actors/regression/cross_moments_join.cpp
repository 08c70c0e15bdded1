// Cross moments as messages, and added up.

#include <leat/actors/regression/cross_moments.hpp>

#include <algorithm>
#include <cmath>

namespace leat {
namespace cp = cross_products;
namespace {

std::vector<std::string> texts(capnp::List<capnp::Text>::Reader list) {
  std::vector<std::string> all;
  for (auto text : list) all.emplace_back(text.cStr(), text.size());
  return all;
}

bool whole(schema::CrossMoments::Reader part, std::size_t columns) {
  std::size_t pairs = columns * (columns + 1) / 2;
  return part.getShift().size() == columns && part.getSum().size() == columns &&
         part.getSumLow().size() == columns && part.getUnit().size() == columns &&
         part.getRounding().size() == columns && part.getProducts().size() == pairs &&
         part.getProductsLow().size() == pairs;
}

DoubleDouble sum_of(schema::CrossMoments::Reader part, std::size_t i) {
  auto place = static_cast<capnp::uint>(i);
  return {part.getSum()[place], part.getSumLow()[place]};
}

std::size_t letters_of(const std::vector<std::string>& names) {
  std::size_t letters = 0;
  for (const std::string& name : names) letters += name.size() + 16;
  return letters;
}

std::size_t message_bytes(std::size_t columns, std::size_t letters) {
  return 512 + letters + 64 * columns + 8 * columns * (columns + 1);
}

}  // namespace

Result<CrossMoments> CrossMoments::of(schema::CrossMoments::Reader part) {
  CrossMoments sums(texts(part.getColumns()), !part.getThroughOrigin());
  if (auto joined = sums.join(part); !joined) return std::move(joined).error();
  return sums;
}

std::uint64_t CrossMoments::bytes(std::size_t columns, bool adds) {
  std::uint64_t doubles = cp::Sums::doubles(columns + 1);
  if (adds) doubles += cp::Block::doubles(columns + 1);
  return doubles * sizeof(double) + columns * (128 + sizeof(State)) + 512;
}

std::uint64_t CrossMoments::chunk_bytes(std::size_t columns, std::size_t letters) {
  return Pool::footprint(message_bytes(columns, letters));
}

Result<void> CrossMoments::join(schema::CrossMoments::Reader part) {
  if (texts(part.getColumns()) != columns_ || part.getThroughOrigin() == centred_) {
    return invalid("sums over different columns cannot be combined: name the features");
  }
  skipped_ += part.getSkipped();
  if (left_out_.empty()) left_out_ = texts(part.getLeftOut());
  if (part.getRows() == 0) return {};
  if (!whole(part, size())) {
    return corrupt("sums have lists of other lengths than their columns: see what sent them");
  }
  for (std::size_t i = 0; i < size(); ++i) {
    states_[i].rounding = std::max(states_[i].rounding, part.getRounding()[static_cast<capnp::uint>(i)]);
  }
  if (rows_ == 0) {
    begin_as(part);
  } else {
    add_moved(part);
  }
  rows_ += part.getRows();
  return {};
}

void CrossMoments::begin_as(schema::CrossMoments::Reader part) {
  capnp::uint next = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    auto place = static_cast<capnp::uint>(i);
    states_[i].shift = part.getShift()[place];
    states_[i].unit = part.getUnit()[place];
    for (std::size_t j = i; j < size(); ++j, ++next) {
      sums_.set(i, j, {part.getProducts()[next], part.getProductsLow()[next]});
    }
    sums_.set(i, size(), sum_of(part, i));
    states_[i].varies = states_[i].unit != 0 || sums_.get(i, i).high != 0;
  }
}

void CrossMoments::add_moved(schema::CrossMoments::Reader part) {
  DoubleDouble count = static_cast<double>(part.getRows());
  std::vector<DoubleDouble> apart(size());
  std::vector<int> power(size());
  for (std::size_t i = 0; i < size(); ++i) {
    auto place = static_cast<capnp::uint>(i);
    double theirs = part.getShift()[place];
    int unit = part.getUnit()[place];
    // The shift of the more rows stays.
    if (part.getRows() > rows_ && theirs != states_[i].shift) {
      move(i, theirs);
      states_[i].shift = theirs;
    }
    apart[i] = DoubleDouble(theirs) - states_[i].shift;
    double square = part.getProducts()[static_cast<capnp::uint>(i * (2 * size() + 1 - i) / 2)];
    reach(i, std::max(std::abs(apart[i].high), std::ldexp(std::sqrt(square), unit)));
    power[i] = unit - states_[i].unit;
    apart[i] = scaled(apart[i], -states_[i].unit);
  }
  capnp::uint next = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    DoubleDouble mine = scaled(sum_of(part, i), power[i]);
    for (std::size_t j = i; j < size(); ++j, ++next) {
      DoubleDouble product(part.getProducts()[next], part.getProductsLow()[next]);
      product = scaled(product, power[i] + power[j]);
      product += apart[i] * scaled(sum_of(part, j), power[j]);
      product += apart[j] * (mine + count * apart[i]);
      sums_.set(i, j, sums_.get(i, j) + product);
    }
    sums_.set(i, size(), sum(i) + mine + count * apart[i]);
  }
}

Chunk CrossMoments::to_chunk(Pool& pool) const {
  std::size_t letters = letters_of(columns_) + letters_of(left_out_);
  Building<schema::CrossMoments> building(pool, message_bytes(size(), letters));
  auto root = building.root();
  auto count = static_cast<capnp::uint>(size());
  auto names = root.initColumns(count);
  auto shift = root.initShift(count);
  auto sums = root.initSum(count), sums_low = root.initSumLow(count);
  auto products = root.initProducts(count * (count + 1) / 2);
  auto products_low = root.initProductsLow(count * (count + 1) / 2);
  auto unit = root.initUnit(count);
  auto rounding = root.initRounding(count);
  root.setRows(rows_);
  root.setSkipped(skipped_);
  root.setThroughOrigin(!centred_);
  capnp::uint next = 0;
  for (capnp::uint i = 0; i < count; ++i) {
    names.set(i, columns_[i].c_str());
    shift.set(i, states_[i].shift);
    unit.set(i, static_cast<std::int16_t>(states_[i].unit));
    rounding.set(i, states_[i].rounding);
    sums.set(i, sum(i).high);
    sums_low.set(i, sum(i).low);
    for (capnp::uint j = i; j < count; ++j, ++next) {
      products.set(next, sums_.get(i, j).high);
      products_low.set(next, sums_.get(i, j).low);
    }
  }
  auto left_out = root.initLeftOut(static_cast<capnp::uint>(left_out_.size()));
  for (capnp::uint i = 0; i < left_out.size(); ++i) left_out.set(i, left_out_[i].c_str());
  return std::move(building).finish();
}

}  // namespace leat
