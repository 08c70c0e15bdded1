/// What the pure ones of a cluster want said, and to whom.
#pragma once

#include <leat/cluster/control.hpp>

namespace leat {

/// A message to be sent.
struct Sent {
  PeerId to = 0;
  control::Message message;
};

}  // namespace leat
