/// All stock actors.
#pragma once

#include <leat/actors/csv.hpp>
#include <leat/actors/csv_write.hpp>
#include <leat/actors/derive.hpp>
#include <leat/actors/discard.hpp>
#include <leat/actors/evaluate.hpp>
#include <leat/actors/linear_regression.hpp>
#include <leat/actors/model_file.hpp>
#include <leat/actors/moments.hpp>
#include <leat/actors/predict.hpp>
#include <leat/actors/scale.hpp>
#include <leat/actors/score_report.hpp>
#include <leat/actors/split.hpp>
#include <leat/actors/where.hpp>
