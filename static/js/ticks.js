// Says how much is ticked: "3 topics with 27 replies". Each box may say how many replies go with it.
const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`;

function tell(said) {
  const ticked = [...said.closest("form").querySelectorAll(`[name="${said.dataset.ticked}"]:checked`)];
  const replies = ticked.reduce((sum, box) => sum + Number(box.dataset.replies ?? 0), 0);
  const words = counted(ticked.length, said.dataset.ticked.slice(0, -1), said.dataset.ticked);
  said.textContent = ticked.length ? `${words}${replies ? ` with ${counted(replies, "reply", "replies")}` : ""} ticked.` : "";
}

for (const said of document.querySelectorAll("[data-ticked]")) {
  tell(said);
  said.closest("form").addEventListener("change", () => tell(said));
}
