@0xd94b2f7a61c0e583;
# Requests of a service that a standing graph answers, and its replies: one chunk each.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("leat::schema");

struct Request {
  id @0 :UInt64;
  # The service's: the reply names it.
  params @1 :List(RequestParam);
  # Those that the route declares, as far as they were given or have a fallback.
  body @2 :Data;
}

struct RequestParam {
  name @0 :Text;
  union {
    text @1 :Text;
    integer @2 :Int64;
    real @3 :Float64;
    flag @4 :Bool;
  }
}

struct Reply {
  id @0 :UInt64;
  # Of the request.
  status @1 :UInt16;
  type @2 :Text;
  # Of its content.
  body @3 :Data;
}
