/// A TCP socket that reads only so many bytes until told otherwise; for a TLS stream to stand on.
#pragma once

#include <cstddef>
#include <limits>
#include <utility>

#include <leat/net/asio.hpp>

namespace leat {

/// When the bytes are used up reads end with asio::error::message_size.
class MeteredSocket {
 public:
  using next_layer_type = asio::ip::tcp::socket;
  using lowest_layer_type = next_layer_type::lowest_layer_type;
  using executor_type = next_layer_type::executor_type;

  MeteredSocket(next_layer_type socket, std::size_t at_most)
      : socket_(std::move(socket)), left_(at_most) {}

  void unmeter() { left_ = kNoEnd; }
  executor_type get_executor() { return socket_.get_executor(); }
  lowest_layer_type& lowest_layer() { return socket_.lowest_layer(); }
  const lowest_layer_type& lowest_layer() const { return socket_.lowest_layer(); }
  next_layer_type& next_layer() { return socket_; }

  template <class Buffers, class Done> void async_read_some(const Buffers& buffers, Done&& done) {
    if (left_ == 0) {
      asio::post(socket_.get_executor(), [done = std::forward<Done>(done)]() mutable {
        done(asio::error::message_size, 0);
      });
      return;
    }
    asio::mutable_buffer first = *asio::buffer_sequence_begin(buffers);
    socket_.async_read_some(asio::buffer(first, left_), [this, done = std::forward<Done>(done)](
                                                            auto error, std::size_t size) mutable {
      if (left_ != kNoEnd) left_ -= size;
      done(error, size);
    });
  }

  template <class Buffers, class Done> void async_write_some(const Buffers& buffers, Done&& done) {
    socket_.async_write_some(buffers, std::forward<Done>(done));
  }

 private:
  static constexpr std::size_t kNoEnd = std::numeric_limits<std::size_t>::max();

  next_layer_type socket_;
  std::size_t left_;
};

}  // namespace leat
