/* Buttons that copy an address; where the browser cannot, they stay hidden and the field is there. */
(function () {
  "use strict";
  if (!navigator.clipboard) return;
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    var word = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", function () {
      var field = document.getElementById(button.dataset.copy);
      navigator.clipboard.writeText(field.value).then(function () {
        button.textContent = button.dataset.done;
        setTimeout(function () { button.textContent = word; }, 2500);
      }, function () { field.select(); });
    });
  });
})();
