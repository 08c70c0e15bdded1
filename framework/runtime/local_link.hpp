/// The link between two cells of one process: a queue outside both, so that it outlives either.
#pragma once

#include <leat/actor/link.hpp>

#include <memory>

namespace leat {

/// Both ends of one channel. Each may be destroyed first.
struct LocalLink {
  std::unique_ptr<Sender> sender;
  std::unique_ptr<Receiver> receiver;
};

/// `sender_wake` and `receiver_wake` may be called from the other end's thread, never under a lock. Both ends publish
/// in `meter`.
LocalLink local_link(Amount window, Wake sender_wake, Wake receiver_wake,
                     std::shared_ptr<ChannelMeter> meter = std::make_shared<ChannelMeter>());

}  // namespace leat
