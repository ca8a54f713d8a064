const place = document.getElementById("trajectories");
if (place) {
  const articles = [...place.children];
  const keys = new Map(articles.map(article => [article, article.dataset.keys.split(",").map(Number)]));
  const [order, group, shown, count] = ["order", "group", "shown", "count"].map(id => document.getElementById(id));
  const arrange = () => {
    const key = Number(order.value);
    place.append(...articles.sort((a, b) => keys.get(b)[key] - keys.get(a)[key] || keys.get(b)[0] - keys.get(a)[0]));
    for (const article of articles) article.hidden = group.value !== "" && article.dataset.group !== group.value;
    const seen = articles.filter(article => !article.hidden).length;
    count.textContent = seen === 1 ? "1 trajectory" : seen + " trajectories";
  };
  const paint = () => {
    const tokens = [...place.querySelectorAll("[data-x]")];
    const texts = tokens.map(token => token.dataset.x.split(" ")[shown.value]);
    const largest = texts.reduce((largest, text) => Math.max(largest, Math.abs(text)), 0);
    tokens.forEach((token, i) => {
      const value = Number(texts[i]);
      token.className = value > 0 ? "t m" : value < 0 ? "t l" : "t";
      token.style.setProperty("--a", largest > 0 ? Math.abs(value) / largest : 0);
      token.querySelector("small").firstChild.data = texts[i];
    });
  };
  order.addEventListener("change", arrange);
  group.addEventListener("change", arrange);
  shown?.addEventListener("change", paint);
  order.closest("p").hidden = false;
  arrange();
  // What a link names is not to stay hidden.
  addEventListener("hashchange", () => {
    const article = document.getElementById(location.hash.slice(1));
    if (article?.hidden) { group.value = ""; arrange(); article.scrollIntoView(); }
    article?.closest("details")?.setAttribute("open", "");
  });
}
