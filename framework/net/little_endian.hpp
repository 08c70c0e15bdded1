/// Numbers as the wire has them: little-endian, wherever they lie.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace leat::wire {

static_assert(std::endian::native == std::endian::little, "put and get must swap bytes on this machine");

template <class T>
void put(std::byte* at, std::type_identity_t<T> value) {
  std::memcpy(at, &value, sizeof(T));
}

template <class T>
T get(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace leat::wire
