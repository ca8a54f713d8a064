//! Where a server is.

use super::ChatError;

/// The address of a server's protocol, such as `http://127.0.0.1:8000/v1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Url(String);

impl Url {
    /// Reads an address, without a slash at its end. One that holds more than an address is refused unseen: it may be a
    /// password.
    pub(super) fn new(text: &str) -> Result<Self, ChatError> {
        let text = text.trim().trim_end_matches('/');
        let refused = |problem: String| Err(ChatError::Setting { name: "the server's URL", problem });
        if text.contains(['@', '?', '#']) {
            return refused("holds more than an address (`@`, `?` or `#`): the key goes by itself".into());
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return refused(format!("is `{text}`: it begins with http:// or https://"));
        };
        match scheme {
            "http" => {}
            "https" if cfg!(feature = "chat-tls") => {}
            "https" => return refused(format!("is `{text}`: https needs the feature `chat-tls` of istar")),
            _ => return refused(format!("is `{text}`: it begins with http:// or https://")),
        }
        if rest.split('/').next().is_none_or(str::is_empty) || rest.contains(char::is_whitespace) {
            return refused(format!("is `{text}`: there is no host in it, as in http://127.0.0.1:8000/v1"));
        }
        Ok(Url(text.to_owned()))
    }

    /// As it was written.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// Where conversations are sent.
    pub(super) fn completions(&self) -> String {
        format!("{}/chat/completions", self.0)
    }

    /// It is on this machine, where no proxy leads.
    pub(super) fn local(&self) -> bool {
        let host = self.0.split("://").nth(1).unwrap_or_default().split('/').next().unwrap_or_default();
        let host = host.strip_prefix("[::1]").map_or(host, |_| "localhost");
        let name = host.split(':').next().unwrap_or_default();
        name == "localhost" || name.starts_with("127.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read() {
        let url = Url::new(" http://127.0.0.1:8000/v1/ ").expect("an address");
        assert_eq!(url.completions(), "http://127.0.0.1:8000/v1/chat/completions");
        let local = |text: &str| Url::new(text).expect("an address").local();
        assert!(local("http://localhost:1/v1") && local("http://[::1]:8080/v1") && local("http://127.0.0.1"));
        assert!(!local("http://gpu-7:8000/v1") && !local("http://example.com/127."));
    }

    #[test]
    fn what_is_no_address_is_named() {
        let said = |text: &str| Url::new(text).expect_err("no address").to_string();
        assert_eq!(said("gpu:8000"), "the server's URL is `gpu:8000`: it begins with http:// or https://");
        assert!(said("ftp://gpu").contains("ftp://gpu"));
        assert!(said("http:///v1").contains("no host"));
        let secret = said("http://me:secret@gpu/v1");
        assert!(!secret.contains("secret"), "{secret}");
        if !cfg!(feature = "chat-tls") {
            assert!(said("https://example.com/v1").contains("chat-tls"));
        }
    }
}
