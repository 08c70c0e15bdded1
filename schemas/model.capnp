@0xe91d04a7b65c2f38;
# What folds over Tables make, and what is saved of it.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("leat::schema");

struct Moments {
  # Per column: over the rows in which the column is not null and is a number.
  columns @0 :List(Text);
  count @1 :List(UInt64);
  mean @2 :List(Float64);
  deviation @3 :List(Float64);
  # Square root of the mean squared distance from the mean, divided by count (not count - 1).
  minimum @4 :List(Float64);
  maximum @5 :List(Float64);
  squares @6 :List(Float64);
  # Sum of squared distances from the mean, as they were added up: what is joined or gone on with.
}

struct CrossMoments {
  # Partial sums of a linear regression: about `shift`, so that large means cost no digits.
  columns @0 :List(Text);
  # Features in order, then the target.
  rows @1 :UInt64;
  skipped @2 :UInt64;
  # Rows left out because a cell was null.
  shift @3 :List(Float64);
  sum @4 :List(Float64);
  # Per column: sum of (x - shift).
  products @5 :List(Float64);
  # Upper triangle by rows: sum of (x_i - shift_i)(x_j - shift_j), i <= j.
}

struct LinearModel {
  # target = intercept + sum of coefficient[i] * feature[i]
  target @0 :Text;
  features @1 :List(Text);
  coefficients @2 :List(Float64);
  intercept @3 :Float64;
  l2 @4 :Float64;
  # The ridge penalty it was trained with, on centred features; the intercept is not penalised.
  rows @5 :UInt64;
  # Rows it was trained on.
}

struct Score {
  # Errors of a finished model on rows it has not seen.
  target @0 :Text;
  rows @1 :UInt64;
  rmse @2 :Float64;   # root of the mean squared error, in the target's unit
  mae @3 :Float64;    # mean absolute error, in the target's unit
  r2 @4 :Float64;     # 1 - squared error / squared distance from the held-out mean
}

struct ScoreSums {
  # Partial sums of a Score.
  target @0 :Text;
  rows @1 :UInt64;
  absolute @2 :Float64;
  squared @3 :Float64;
  shift @4 :Float64;
  sum @5 :Float64;       # of (target - shift)
  sumSquares @6 :Float64;  # of (target - shift)^2
}
