/// Charts of a job, made of the curves that its process has drawn. Pure.
#pragma once

#include <string>
#include <string_view>

namespace leat {

/// {"charts": [{"name": "loss", "stage": "train", "x": "step", "points": [[x, y], ...]}, ...]} of what curves_json() makes; of
/// anything else, without any.
///
/// First those that stages draw (Outbox::sample), then "bytes/s" and "rows/s", of the sources, and "memory", in bytes, whose x is
/// "time": seconds since 1970. A rate is the mean from one point to the next: where points are left out none of it is
/// lost. At most Curve::kMost points each.
std::string charts_json(std::string_view curves);

}  // namespace leat
