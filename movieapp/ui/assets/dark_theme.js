// Dark, light, or as the system has it (null): said when it changes. NiceGUI's own says it at every change of
// anything on a page, for which the browser works out all of its style anew.
export default {
  template: `<span hidden></span>`,
  props: { value: Boolean },
  mounted() {
    window.setDark(this.value);
  },
  watch: {
    value(value) {
      window.setDark(value);
    },
  },
};
