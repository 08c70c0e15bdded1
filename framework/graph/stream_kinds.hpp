/// What streams ask of the kinds and graphs they are joined with. For stream.hpp, not for users.
#pragma once

#include <leat/graph/graph.hpp>

#include <string>
#include <type_traits>
#include <vector>

namespace leat::streams {

template <class K>
concept IsKind = std::is_base_of_v<StageKind, K>;
template <class K, class... In>
concept KindOf = IsKind<K> && std::is_base_of_v<Kind<typename K::Output, In...>, K>;
template <class K, class... In>
concept SinkKind = KindOf<K, In...> && std::is_void_v<typename K::Output>;
template <class K, class... In>
concept InnerKind = KindOf<K, In...> && !std::is_void_v<typename K::Output>;

// False, but only once the compiler gets there: a condition it has nothing to add to.
template <class...>
constexpr bool never = false;

/// Splits a Table's rows by the hash of a column's cell; see by_column.
Splitter column_splitter(std::string column);

}  // namespace leat::streams
