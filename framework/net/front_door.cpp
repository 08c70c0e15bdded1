#include <set>
#include <thread>

#include <leat/net/front_door.hpp>
#include <leat/net/guest.hpp>
#include <leat/net/listening.hpp>
#include <leat/net/tls_context.hpp>

namespace leat {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::seconds kLastWords{1};

class Door final : public FrontDoor {
 public:
  explicit Door(House house)
      : house_(std::move(house)),
        listening_(std::make_shared<Listening>(
            io_, house_.log = std::make_shared<LimitedLog>(io_, house_.options.log),
            [this](tcp::socket socket) { admit(std::move(socket)); },
            [this] { return young_.wait(std::chrono::steady_clock::now()); })),
        last_words_(io_),
        young_(house_.options.young, house_.options.young_stay) {
    house_.known = [this](const std::shared_ptr<Guest>& guest) {
      young_.remove(guest);
      known_.insert(guest);
    };
    house_.left = [this](const std::shared_ptr<Guest>& guest) {
      young_.remove(guest);
      known_.erase(guest);
      if (closing_ && known_.empty()) io_.stop();
    };
  }

  ~Door() override {
    if (!thread_.joinable()) return;
    asio::post(io_, [this] { close(); });
    thread_.join();
  }

  Result<void> open() {
    auto bound = listening_->open(house_.options.listen);
    if (!bound) return std::move(bound).error();
    endpoint_ = *bound;
    listening_->start();
    thread_ = std::thread([this] { io_.run(); });
    return {};
  }

  Endpoint endpoint() const override { return endpoint_; }

 private:
  // What the service said last may still be on its way.
  void close() {
    closing_ = true;
    listening_->close();
    last_words_.expires_after(kLastWords);
    last_words_.async_wait([this](error_code) { io_.stop(); });
    for (const auto& guest : young_.all()) guest->hear_out();
    for (const auto& guest : std::set(known_)) guest->hear_out();
    if (known_.empty()) io_.stop();
  }

  void admit(tcp::socket socket) {
    if (auto oldest = young_.in_the_way()) {
      oldest->show_out(LogLevel::warning, std::to_string(house_.options.young) +
                                              " others knock too, and it was the first of them");
    }
    auto guest = std::make_shared<Guest>(std::move(socket), house_);
    young_.add(guest, std::chrono::steady_clock::now());
    guest->knock();
  }

  asio::io_context io_{1};
  House house_;
  std::shared_ptr<Listening> listening_;
  asio::steady_timer last_words_;
  Newcomers<Guest> young_;
  std::set<std::shared_ptr<Guest>> known_;
  bool closing_ = false;  // on the I/O thread
  Endpoint endpoint_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<FrontDoor>> FrontDoor::open(Options options) {
  House house;
  std::error_code nothing;
  if (!std::filesystem::is_socket(options.inside, nothing)) {
    return invalid(options.inside.string() + " is no socket: a service stays behind its front door");
  }
  house.inside = options.inside.string();
  auto tls = mutual_tls(options.credentials);
  if (!tls) return std::move(tls).error();
  house.tls = *tls;
  know_knocks(*house.tls);
  house.options = std::move(options);
  auto door = std::make_unique<Door>(std::move(house));
  if (auto opened = door->open(); !opened) return std::move(opened).error();
  return std::unique_ptr<FrontDoor>(std::move(door));
}

}  // namespace leat
