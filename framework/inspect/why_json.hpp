/// What a job waits for in the end, as programs are told it. Pure.
#pragma once

#include <leat/diagnosis/why.hpp>

#include <string>

namespace leat::inspect {

/// {"type": "why", "version": 1, "cause": ..., "stage": ..., "waits": [...]}: an object of JSON on one line.
std::string why_json(const Why& why);

}  // namespace leat::inspect
