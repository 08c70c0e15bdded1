#include <leat/app/certs.hpp>

#include <leat/net/certificates.hpp>

namespace leat {

int certs_command(const Request& request, const Voice& voice) {
  const Certs& certs = request.certs;
  if (request.command == Request::Command::authority) {
    auto made = make_authority(certs.folder);
    if (!made) return voice.error(made.error(), false);
    return voice.text("made " + (certs.folder / "authority.pem").string() + "; keep authority.key secret\n",
                      "what was made");
  }
  auto made = make_node_certificate(certs.folder, certs.name, certs.hosts);
  if (!made) return voice.error(made.error(), false);
  return voice.text("--certificate " + made->certificate.string() + " --key " + made->key.string() +
                        " --authority " + made->authority.string() + "\n",
                    "what was made");
}

}  // namespace leat
