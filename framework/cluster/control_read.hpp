/// What encode() and decode() share: the one reading of a message, and with it all limits.
#pragma once

#include <leat/cluster/control.hpp>

namespace leat::control {

/// As decode(), but a corrupt one's error says only what is wrong: "a label of 300 bytes, where 256 are the most".
Result<Message> read(const ControlBytes& bytes);

}  // namespace leat::control
