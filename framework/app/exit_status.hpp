#pragma once

namespace leat {

/// What a program of leat ends with. 130 is what shells use for SIGINT.
constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kRefused = 2;
constexpr int kInterrupted = 130;

}  // namespace leat
