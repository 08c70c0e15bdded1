// Any bytes as a control message: refused or read, and what is read survives its own bytes.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <leat/cluster/control.hpp>

using namespace leat;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto* first = reinterpret_cast<const std::byte*>(data);
  ControlBytes bytes(first, first + size);
  // The length must be a multiple of 8: let every input be one.
  bytes.resize((size + 7) / 8 * 8);
  auto message = control::decode(bytes);
  if (!message) {
    if (message.error().sentence.empty()) std::abort();
    return 0;
  }
  auto again = control::encode(*message);
  auto decoded = again ? control::decode(*again) : again.error();
  auto twice = decoded ? control::encode(*decoded) : decoded.error();
  if (!twice || *twice != *again) {
    std::fprintf(stderr, "message %zu changes on its way\n", message->index());
    std::abort();
  }
  return 0;
}
