#include <leat/actors/group/ordered_cells.hpp>

#include <cstring>

namespace leat {
namespace {

template <class T>
auto widened(T cell) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<std::int64_t>(cell);
  } else {
    return static_cast<double>(cell);
  }
}

}  // namespace

void ordered_cells(const ColumnPlace& cells, std::size_t from, std::size_t count, std::uint64_t* to) {
  with_typed(cells, [&](auto* first) {
    for (std::size_t i = 0; i < count; ++i) to[i] = ordered(widened(first[from + i]));
  });
}

void put_ordered(ColumnType type, std::byte* cells, std::size_t row, std::uint64_t code) {
  auto put = [&](auto value) { std::memcpy(cells + row * sizeof value, &value, sizeof value); };
  switch (type) {
    case ColumnType::F64: return put(real_of(code));
    case ColumnType::F32: return put(static_cast<float>(real_of(code)));
    case ColumnType::F16: return put(Eigen::half(static_cast<float>(real_of(code))));
    case ColumnType::I32: return put(static_cast<std::int32_t>(integer_of(code)));
    case ColumnType::BOOL: return put(static_cast<std::uint8_t>(integer_of(code)));
    default: return put(integer_of(code));
  }
}

}  // namespace leat
